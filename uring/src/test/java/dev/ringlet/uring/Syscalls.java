package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.ringlet.io.SocketOptions.Option;
import java.lang.ref.Reference;
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

  private static native long sendmsg(int fd, long message, int flags);

  /** Sends one byte with many descriptors, as other programs may. */
  static void sendDescriptors(int socket, int... descriptors) {
    int controlBytes = Structs.CMSGHDR_BYTES + descriptors.length * Integer.BYTES;
    ByteBuffer memory = NativeMemory.allocate(Structs.MSGHDR_BYTES + 32 + controlBytes);
    long address = NativeMemory.address(memory);
    int piece = Structs.MSGHDR_BYTES + 8;
    int control = piece + Structs.IOVEC_BYTES;
    memory.putLong(Structs.MSGHDR_IOV, address + piece);
    memory.putLong(Structs.MSGHDR_IOVLEN, 1);
    memory.putLong(piece + Structs.IOVEC_BASE, address + Structs.MSGHDR_BYTES);
    memory.putLong(piece + Structs.IOVEC_LEN, 1);
    memory.putLong(Structs.MSGHDR_CONTROL, address + control);
    memory.putLong(Structs.MSGHDR_CONTROLLEN, controlBytes);
    memory.putLong(control + Structs.CMSGHDR_LEN, controlBytes);
    memory.putInt(control + Structs.CMSGHDR_LEVEL, Posix.SOL_SOCKET);
    memory.putInt(control + Structs.CMSGHDR_TYPE, Posix.SCM_RIGHTS);
    for (int i = 0; i < descriptors.length; i++) {
      memory.putInt(control + Structs.CMSGHDR_BYTES + i * Integer.BYTES, descriptors[i]);
    }
    try {
      assertEquals(1, sendmsg(socket, address, Posix.MSG_NOSIGNAL));
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  static void setNonBlocking(int fd) {
    int flags = Libc.fcntl(fd, Posix.F_GETFL, 0);
    assertEquals(0, Libc.fcntl(fd, Posix.F_SETFL, flags | Posix.O_NONBLOCK));
  }

  static boolean hasNoDelay(int fd) {
    return option(fd, Option.NO_DELAY) != 0;
  }

  /** What an option is set to, in the terms of {@link Option}. */
  static int option(int fd, Option option) {
    return switch (option) {
      case NO_DELAY -> option(fd, Posix.IPPROTO_TCP, Posix.TCP_NODELAY);
      case KEEP_ALIVE -> option(fd, Posix.SOL_SOCKET, Posix.SO_KEEPALIVE);
      case KEEP_ALIVE_IDLE -> option(fd, Posix.IPPROTO_TCP, Posix.TCP_KEEPIDLE);
      case KEEP_ALIVE_INTERVAL -> option(fd, Posix.IPPROTO_TCP, Posix.TCP_KEEPINTVL);
      case KEEP_ALIVE_COUNT -> option(fd, Posix.IPPROTO_TCP, Posix.TCP_KEEPCNT);
      case RESET_ON_CLOSE -> option(fd, Posix.SOL_SOCKET, Posix.SO_LINGER);
      case SEND_BUFFER -> option(fd, Posix.SOL_SOCKET, Posix.SO_SNDBUF);
      case RECEIVE_BUFFER -> option(fd, Posix.SOL_SOCKET, Posix.SO_RCVBUF);
      case BROADCAST -> option(fd, Posix.SOL_SOCKET, Posix.SO_BROADCAST);
      case MULTICAST_HOPS -> option(fd, Posix.IPPROTO_IP, Posix.IP_MULTICAST_TTL);
      case MULTICAST_LOOP -> option(fd, Posix.IPPROTO_IP, Posix.IP_MULTICAST_LOOP);
      case SEGMENT_BYTES -> option(fd, Posix.IPPROTO_UDP, Posix.UDP_SEGMENT);
      case MULTICAST_INTERFACE -> throw new IllegalArgumentException(option + " cannot be asked");
    };
  }

  /** The first word of an option. */
  static int option(int fd, int level, int option) {
    return value(fd, level, option).getInt(0);
  }

  static ByteBuffer value(int fd, int level, int option) {
    ByteBuffer value = NativeMemory.allocate(Structs.TIMEVAL_BYTES);
    ByteBuffer length = NativeMemory.allocate(Integer.BYTES).putInt(0, Structs.TIMEVAL_BYTES);
    long address = NativeMemory.address(value);
    assertEquals(0, getsockopt(fd, level, option, address, NativeMemory.address(length)));
    return value;
  }
}
