package dev.ringlet.testkit.sim;

import static dev.ringlet.spi.Errno.EACCES;
import static dev.ringlet.spi.Errno.EADDRINUSE;
import static dev.ringlet.spi.Errno.EADDRNOTAVAIL;
import static dev.ringlet.spi.Errno.EAGAIN;
import static dev.ringlet.spi.Errno.EBUSY;
import static dev.ringlet.spi.Errno.ECONNABORTED;
import static dev.ringlet.spi.Errno.ECONNREFUSED;
import static dev.ringlet.spi.Errno.ECONNRESET;
import static dev.ringlet.spi.Errno.EDQUOT;
import static dev.ringlet.spi.Errno.EFBIG;
import static dev.ringlet.spi.Errno.EHOSTUNREACH;
import static dev.ringlet.spi.Errno.EINTR;
import static dev.ringlet.spi.Errno.EIO;
import static dev.ringlet.spi.Errno.EMFILE;
import static dev.ringlet.spi.Errno.EMLINK;
import static dev.ringlet.spi.Errno.ENETUNREACH;
import static dev.ringlet.spi.Errno.ENFILE;
import static dev.ringlet.spi.Errno.ENOBUFS;
import static dev.ringlet.spi.Errno.ENODEV;
import static dev.ringlet.spi.Errno.ENOMEM;
import static dev.ringlet.spi.Errno.ENOSPC;
import static dev.ringlet.spi.Errno.EPERM;
import static dev.ringlet.spi.Errno.EPROTO;
import static dev.ringlet.spi.Errno.EROFS;
import static dev.ringlet.spi.Errno.ETIMEDOUT;
import static dev.ringlet.spi.Errno.ETXTBSY;

import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;

/**
 * The errors that an operation may have on Linux whatever the state of files and sockets is, after
 * the manual pages. Left out are those that tell of that state, such as ENOENT, EEXIST or EPIPE:
 * they come of it, and would be lies otherwise; those that end a connection, which {@link
 * Fault#CONNECTION_RESET} brings; and EINTR where drivers begin again.
 */
final class FaultErrnos {
  private static final int[] NONE = {};
  private static final int MAKES = IoRequest.OPEN_CREATE | IoRequest.OPEN_CREATE_NEW;

  private FaultErrnos() {}

  static int[] of(IoOpcode opcode) {
    return switch (opcode) {
      case OPEN ->
          new int[] {EACCES, EIO, EMFILE, ENFILE, ENOMEM, EPERM, EDQUOT, ENOSPC, EROFS, ETXTBSY};
      case READ, READ_VECTOR -> new int[] {EIO, ENOMEM};
      case WRITE, WRITE_VECTOR -> new int[] {EDQUOT, EFBIG, EIO, ENOMEM, ENOSPC, EPERM};
      case DATA_SYNC, SYNC -> new int[] {EDQUOT, EIO, ENOSPC};
      case SYNC_RANGE -> new int[] {EIO, ENOMEM, ENOSPC};
      case ALLOCATE -> new int[] {EDQUOT, EFBIG, EIO, ENOSPC, EPERM};
      case TRUNCATE -> new int[] {EFBIG, EIO, EPERM};
      case SIZE, LOCK -> new int[] {ENOMEM};
      case STAT -> new int[] {EACCES, EIO, ENOMEM};
      case RENAME -> new int[] {EACCES, EBUSY, EDQUOT, EIO, ENOMEM, ENOSPC, EPERM, EROFS};
      case LINK -> new int[] {EACCES, EDQUOT, EIO, EMLINK, ENOMEM, ENOSPC, EPERM, EROFS};
      case SYMLINK -> new int[] {EACCES, EDQUOT, EIO, ENOMEM, ENOSPC, EPERM, EROFS};
      case UNLINK -> new int[] {EACCES, EBUSY, EIO, ENOMEM, EPERM, EROFS};
      case MAKE_DIRECTORY -> new int[] {EACCES, EDQUOT, EIO, EMLINK, ENOMEM, ENOSPC, EPERM, EROFS};
      case CLOSE -> new int[] {EDQUOT, EINTR, EIO, ENOSPC};
      case LISTEN, BIND_DATAGRAM -> new int[] {EACCES, EADDRINUSE, EMFILE, ENFILE, ENOBUFS, ENOMEM};
      case ACCEPT ->
          new int[] {
            ECONNABORTED, EHOSTUNREACH, EMFILE, ENETUNREACH, ENFILE, ENOBUFS, ENOMEM, EPERM, EPROTO
          };
      case CONNECT ->
          new int[] {
            EACCES,
            EADDRNOTAVAIL,
            EAGAIN,
            ECONNREFUSED,
            ECONNRESET,
            EHOSTUNREACH,
            EMFILE,
            ENETUNREACH,
            ENFILE,
            ENOBUFS,
            ENOMEM,
            EPERM,
            ETIMEDOUT
          };
      case CONFIGURE, RECEIVE, RECEIVE_DESCRIPTORS, RECEIVE_DATAGRAM -> new int[] {ENOMEM};
      case SEND, SEND_VECTOR, SEND_DESCRIPTOR -> new int[] {ENOBUFS, ENOMEM};
      case SEND_FILE -> new int[] {EIO, ENOMEM};
      case RECEIVE_FILE -> new int[] {EDQUOT, EFBIG, EIO, ENOMEM, ENOSPC};
      case PIPE -> new int[] {EMFILE, ENFILE, ENOMEM};
      case OPEN_STANDARD -> new int[] {EMFILE, ENFILE};
      case SEND_DATAGRAM ->
          new int[] {EAGAIN, ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ENOBUFS, ENOMEM, EPERM};
      case JOIN_GROUP -> new int[] {ENOBUFS, ENODEV, ENOMEM};
      case SHUTDOWN_OUTPUT, LEAVE_GROUP, DELAY -> NONE;
    };
  }

  /** Whether this very request may have it: who only reads a file takes no space. */
  static boolean suits(IoRequest request, int errno) {
    if (request.opcode != IoOpcode.OPEN) {
      return true;
    }
    return switch (errno) {
      case EDQUOT, ENOSPC -> (request.flags & MAKES) != 0;
      case EROFS, ETXTBSY -> (request.flags & IoRequest.OPEN_WRITE) != 0;
      default -> true;
    };
  }

  /** Whether it needs space on the disk. */
  static boolean takesSpace(IoRequest request) {
    return switch (request.opcode) {
      case WRITE, WRITE_VECTOR, RECEIVE_FILE, SYMLINK, LINK, MAKE_DIRECTORY -> true;
      case ALLOCATE -> (request.flags & IoRequest.ALLOCATE_PUNCH_HOLE) == 0;
      case OPEN -> (request.flags & MAKES) != 0;
      default -> false;
    };
  }
}
