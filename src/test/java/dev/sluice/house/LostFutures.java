package dev.sluice.house;

import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Handle;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Label;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds Vert.x futures that nothing looks at, which compile silently and swallow their failure: a call that returns
 * one and whose value is popped off the stack, and a method reference that returns one where nothing is expected.
 * Reads class files with the ASM inside ArchUnit, since ArchUnit's own model does not tell what becomes of a value.
 */
final class LostFutures extends ClassVisitor {

    private static final String FUTURE = "Lio/vertx/core/Future;";
    private static final String COMPOSITE = "Lio/vertx/core/CompositeFuture;";

    /**
     * Methods whose future may be dropped. A failure was handled by the first two; the others fail when the client is gone,
     * which the connection's close handler tells. {@code onSuccess} is not here: it leaves the failure unhandled.
     */
    private static final Set<String> HANDLED = Set.of(
            "io/vertx/core/Future#onComplete",
            "io/vertx/core/Future#onFailure",
            "io/vertx/core/http/HttpServerResponse#end",
            "io/vertx/core/http/HttpServerResponse#write",
            "io/vertx/core/http/HttpServerResponse#writeContinue",
            "io/vertx/ext/web/RoutingContext#end");

    private final List<String> found = new ArrayList<>();
    private String className = "";

    private LostFutures() {
        super(Opcodes.ASM9);
    }

    /** {@code class:line call} of each lost future in the class files under a folder. */
    static List<String> in(Path classes) {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .flatMap(file -> inFile(file).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> inFile(Path file) {
        LostFutures finder = new LostFutures();
        try {
            new ClassReader(Files.readAllBytes(file)).accept(finder, ClassReader.SKIP_FRAMES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return finder.found;
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
        className = name.replace('/', '.');
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] thrown) {
        return new Body();
    }

    private static boolean isFuture(String methodDescriptor) {
        return methodDescriptor.endsWith(")" + FUTURE) || methodDescriptor.endsWith(")" + COMPOSITE);
    }

    private final class Body extends MethodVisitor {

        private int line;

        /** The call whose future is on top of the stack; empty where none is. */
        private String pending = "";

        Body() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visitLineNumber(int number, Label start) {
            line = number;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            pending = isFuture(descriptor) ? owner + "#" + name : "";
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.POP) {
                lost(pending);
            }
            pending = "";
        }

        @Override
        public void visitVarInsn(int opcode, int variable) {
            pending = "";
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            pending = "";
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            pending = "";
            if (arguments.length == 3
                    && arguments[0] instanceof Type expected
                    && arguments[1] instanceof Handle target
                    && expected.getReturnType().equals(Type.VOID_TYPE)
                    && isFuture(target.getDesc())) {
                lost(target.getOwner() + "#" + target.getName());
            }
        }

        private void lost(String call) {
            if (!call.isEmpty() && !HANDLED.contains(call)) {
                found.add(className + ":" + line + " " + call);
            }
        }
    }
}
