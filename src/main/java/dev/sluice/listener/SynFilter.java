package dev.sluice.listener;

import io.netty.channel.ChannelException;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps new clients from a listening socket that is about to be closed, while handshakes under way end: a socket
 * filter in the kernel that drops SYNs. Between the last accept and the close there is always a moment, and a client
 * that the kernel lets in then is reset. A client whose SYN is dropped sends another within a second or so, and is refused.
 *
 * <p>Linux with epoll only; elsewhere that moment stays.
 */
final class SynFilter {

    private static final Logger LOG = LoggerFactory.getLogger(SynFilter.class);

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;

    private static final int LOAD_BYTE_AT = 0x30;
    private static final int JUMP_IF_SET = 0x45;
    private static final int RETURN = 0x06;

    private static final int TCP_FLAGS_AT = 13;
    private static final int SYN = 0x02;

    /** struct sock_fprog: a length, padding, and the address of the program. */
    private static final int PROGRAM_REFERENCE_BYTES = 16;

    private static final int INSTRUCTION_BYTES = 8;

    private static final RawUnixChannelOption ATTACH =
            new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_REFERENCE_BYTES);

    private SynFilter() {}

    /** From now on no new client is let in; false where that cannot be had. On the channel's event loop. */
    static boolean attach(ServerChannel channel) {
        if (!(channel instanceof EpollServerSocketChannel) || !channel.isOpen()) {
            return false;
        }
        ByteBuffer program = program();
        ByteBuffer reference = direct(PROGRAM_REFERENCE_BYTES);
        reference.putShort(0, (short) (program.capacity() / INSTRUCTION_BYTES));
        reference.putLong(Long.BYTES, Buffer.memoryAddress(program));
        try {
            return channel.config().setOption(ATTACH, reference);
        } catch (ChannelException e) {
            LOG.debug("this system takes no socket filter of this user", e);
            return false;
        } finally {
            program.clear(); // it must be reachable until the kernel has read it
        }
    }

    /** Classic BPF over the TCP header: drop a SYN, keep the rest whole. */
    private static ByteBuffer program() {
        ByteBuffer program = direct(4 * INSTRUCTION_BYTES);
        instruction(program, LOAD_BYTE_AT, 0, 0, TCP_FLAGS_AT);
        instruction(program, JUMP_IF_SET, 0, 1, SYN);
        instruction(program, RETURN, 0, 0, 0);
        instruction(program, RETURN, 0, 0, -1);
        return program;
    }

    private static void instruction(ByteBuffer program, int code, int ifTrue, int ifFalse, int operand) {
        program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(operand);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
