package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** System calls that only tests make. */
final class Syscalls {
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");
  private static final long NR_GETTID = X86 ? 186 : 178;
  private static final long NR_TGKILL = X86 ? 234 : 131;
  private static final long NR_MKNODAT = X86 ? 259 : 33;
  private static final int RING_SLOTS = 16;
  private static final int SIGPIPE = 13;
  private static final int FIFO_MODE = 010600;

  static {
    Native.register(Syscalls.class, NativeLibrary.getProcess());
  }

  private Syscalls() {}

  private static native long syscall(long number, long a, long b, long c, long d);

  private static native int getsockopt(int fd, int level, int option, long value, long length);

  static long currentThreadId() {
    return syscall(NR_GETTID, 0, 0, 0, 0);
  }

  /** HotSpot has a handler for SIGPIPE, which does nothing. */
  static void sendSigpipe(long threadId) {
    syscall(NR_TGKILL, ProcessHandle.current().pid(), threadId, SIGPIPE, 0);
  }

  static void makePipe(Path path) {
    ByteBuffer name = NativeMemory.cString(NativePath.bytes(path));
    long address = NativeMemory.address(name);
    assertEquals(0, syscall(NR_MKNODAT, Posix.AT_FDCWD, address, FIFO_MODE, 0));
  }

  /** Takes away the registered descriptors by which this thread enters its rings. */
  static void unregisterRings(int ringFd) {
    ByteBuffer updates = NativeMemory.allocate(RING_SLOTS * Structs.RSRC_UPDATE_BYTES);
    for (int i = 0; i < RING_SLOTS; i++) {
      updates.putInt(i * Structs.RSRC_UPDATE_BYTES + Structs.RSRC_UPDATE_OFFSET, i);
    }
    long address = NativeMemory.address(updates);
    int opcode = Abi.IORING_UNREGISTER_RING_FDS;
    assertEquals(RING_SLOTS, Libc.ioUringRegister(ringFd, opcode, address, RING_SLOTS));
  }

  static boolean hasNoDelay(int fd) {
    ByteBuffer value = NativeMemory.allocate(Integer.BYTES);
    ByteBuffer length = NativeMemory.allocate(Integer.BYTES).putInt(0, Integer.BYTES);
    long address = NativeMemory.address(value);
    long lengthAddress = NativeMemory.address(length);
    assertEquals(0, getsockopt(fd, Posix.IPPROTO_TCP, Posix.TCP_NODELAY, address, lengthAddress));
    return value.getInt(0) != 0;
  }
}
