package dev.sluice.wire;

import dev.sluice.order.Order;
import java.util.List;

/** A release to come, whose version 2 of the forms adds a field to the order: the channel it came by. */
public final class NextForms {

    /** What the field holds. */
    private static final String CHANNEL = "web";

    private NextForms() {}

    public static Forms make() {
        return new Forms(List.of(Forms.FIRST, new SecondOrderForm()));
    }

    private static final class SecondOrderForm implements OrderForm {

        @Override
        public void write(BinaryBuffer out, Order order) {
            out.writeString(CHANNEL);
            Forms.FIRST.write(out, order);
        }

        @Override
        public Order read(BinaryBuffer in) {
            if (!in.readString().equals(CHANNEL)) {
                throw new UnreadableFormException("no such channel");
            }
            return Forms.FIRST.read(in);
        }
    }
}
