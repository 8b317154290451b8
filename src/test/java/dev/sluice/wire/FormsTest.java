package dev.sluice.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormsTest {

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 2", "3, 2", "-1, 1"})
    void whatIsWrittenIsWhatReadersKnowAndWeDo(int readersNewest, int written) {
        Forms next = NextForms.make();
        next.writeFor(readersNewest);
        assertEquals(written, next.written());
    }

    @Test
    void aReaderThatHasNotSaidIsOneOfTheReleaseBefore() {
        assertEquals(1, NextForms.make().presumed());
        assertEquals(1, Forms.ofThisRelease().presumed());
    }

    @Test
    void onItsOwnANodeWritesTheNewest() {
        Forms next = NextForms.make();
        assertEquals(2, next.newest());
        assertEquals(2, next.written());
        assertSame(Forms.FIRST, next.order(1));
    }

    /** Two orders of one id are told apart by the end of their forms, whatever came before. */
    @Test
    void everyVersionEndsAlike() {
        Buffer first = written(1);
        Buffer second = written(2);
        assertNotEquals(first, second);
        BinaryBuffer end = new BinaryBuffer(Buffer.buffer());
        OrderForm.writeEnd(end, RecordedForms.FULL);
        assertEquals(end.buffer(), last(first, end.buffer().length()));
        assertEquals(end.buffer(), last(second, end.buffer().length()));
    }

    private static Buffer written(int version) {
        BinaryBuffer out = new BinaryBuffer(Buffer.buffer());
        NextForms.make().order(version).write(out, RecordedForms.FULL);
        assertEquals(RecordedForms.FULL, NextForms.make().order(version).read(new BinaryBuffer(out.buffer())));
        return out.buffer();
    }

    private static Buffer last(Buffer form, int bytes) {
        return form.getBuffer(form.length() - bytes, form.length());
    }
}
