package dev.ringlet.spi;

/**
 * Linux error numbers that drivers report, positive as in {@code asm-generic/errno-base.h} and
 * {@code asm-generic/errno.h}.
 */
public final class Errno {
  /** Operation not permitted. */
  public static final int EPERM = 1;

  /** No such file or directory. */
  public static final int ENOENT = 2;

  /** Interrupted system call. */
  public static final int EINTR = 4;

  /** I/O error. */
  public static final int EIO = 5;

  /** Bad file descriptor. */
  public static final int EBADF = 9;

  /** Try again. */
  public static final int EAGAIN = 11;

  /** Out of memory, or RLIMIT_MEMLOCK. */
  public static final int ENOMEM = 12;

  /** Permission denied. */
  public static final int EACCES = 13;

  /** Device or resource busy. */
  public static final int EBUSY = 16;

  /** File exists. */
  public static final int EEXIST = 17;

  /** Across file systems. */
  public static final int EXDEV = 18;

  /** No such device. */
  public static final int ENODEV = 19;

  /** Not a directory. */
  public static final int ENOTDIR = 20;

  /** Is a directory. */
  public static final int EISDIR = 21;

  /** Invalid argument. */
  public static final int EINVAL = 22;

  /** Too many open files in the system. */
  public static final int ENFILE = 23;

  /** Too many open files in the process. */
  public static final int EMFILE = 24;

  /** Text file busy. */
  public static final int ETXTBSY = 26;

  /** File too large. */
  public static final int EFBIG = 27;

  /** No space left on device. */
  public static final int ENOSPC = 28;

  /** A pipe or terminal has no positions. */
  public static final int ESPIPE = 29;

  /** Read-only file system. */
  public static final int EROFS = 30;

  /** Too many links. */
  public static final int EMLINK = 31;

  /** Broken pipe. */
  public static final int EPIPE = 32;

  /** File name too long. */
  public static final int ENAMETOOLONG = 36;

  /** The kernel does not know the call. */
  public static final int ENOSYS = 38;

  /** Directory not empty. */
  public static final int ENOTEMPTY = 39;

  /** Too many symbolic links. */
  public static final int ELOOP = 40;

  /** No data available. */
  public static final int ENODATA = 61;

  /** Timer expired. */
  public static final int ETIME = 62;

  /** Protocol error. */
  public static final int EPROTO = 71;

  /** Bad message. */
  public static final int EBADMSG = 74;

  /** Destination address required. */
  public static final int EDESTADDRREQ = 89;

  /** Message too long. */
  public static final int EMSGSIZE = 90;

  /** Operation not supported. */
  public static final int EOPNOTSUPP = 95;

  /** Address in use. */
  public static final int EADDRINUSE = 98;

  /** Cannot assign requested address. */
  public static final int EADDRNOTAVAIL = 99;

  /** Network is unreachable. */
  public static final int ENETUNREACH = 101;

  /** Connection aborted. */
  public static final int ECONNABORTED = 103;

  /** Connection reset by peer. */
  public static final int ECONNRESET = 104;

  /** No buffer space available. */
  public static final int ENOBUFS = 105;

  /** Not connected. */
  public static final int ENOTCONN = 107;

  /** Connection timed out. */
  public static final int ETIMEDOUT = 110;

  /** Connection refused. */
  public static final int ECONNREFUSED = 111;

  /** No route to host. */
  public static final int EHOSTUNREACH = 113;

  /** The file is not there any more under its name. */
  public static final int ESTALE = 116;

  /** Quota exceeded. */
  public static final int EDQUOT = 122;

  /** Operation canceled. */
  public static final int ECANCELED = 125;

  private Errno() {}

  /**
   * Name and meaning of an error number.
   *
   * @param errno positive
   * @return such as {@code "ENOENT, no such file or directory"}
   */
  public static String describe(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM, operation not permitted";
      case ENOENT -> "ENOENT, no such file or directory";
      case EINTR -> "EINTR, interrupted";
      case EIO -> "EIO, input/output error";
      case EBADF -> "EBADF, the file or socket is closed";
      case EAGAIN -> "EAGAIN, try again";
      case ENOMEM -> "ENOMEM, out of memory";
      case EACCES -> "EACCES, permission denied";
      case EBUSY -> "EBUSY, busy";
      case EEXIST -> "EEXIST, the file exists";
      case EXDEV -> "EXDEV, across file systems";
      case ENODEV -> "ENODEV, no such device";
      case ENOTDIR -> "ENOTDIR, not a directory";
      case EISDIR -> "EISDIR, is a directory";
      case EINVAL -> "EINVAL, invalid argument";
      case ENFILE -> "ENFILE, too many open files in the system";
      case EMFILE -> "EMFILE, too many open files in the process";
      case ETXTBSY -> "ETXTBSY, the program is running";
      case EFBIG -> "EFBIG, the file would be too large";
      case ENOSPC -> "ENOSPC, no space left on device";
      case ESPIPE -> "ESPIPE, a pipe or terminal has no positions";
      case EROFS -> "EROFS, read-only file system";
      case EMLINK -> "EMLINK, too many links";
      case EPIPE -> "EPIPE, the peer has closed the connection";
      case ENAMETOOLONG -> "ENAMETOOLONG, the file name is too long";
      case ENOSYS -> "ENOSYS, unknown to this kernel";
      case ENOTEMPTY -> "ENOTEMPTY, the directory is not empty";
      case ELOOP -> "ELOOP, too many symbolic links";
      case ENODATA -> "ENODATA, no data";
      case ETIME -> "ETIME, timer expired";
      case EPROTO -> "EPROTO, protocol error";
      case EBADMSG -> "EBADMSG, bad message";
      case EDESTADDRREQ -> "EDESTADDRREQ, no address to send to";
      case EMSGSIZE -> "EMSGSIZE, the message is too long";
      case EOPNOTSUPP -> "EOPNOTSUPP, not supported";
      case EADDRINUSE -> "EADDRINUSE, the address is in use";
      case EADDRNOTAVAIL -> "EADDRNOTAVAIL, the address is not of this machine";
      case ENETUNREACH -> "ENETUNREACH, network unreachable";
      case ECONNABORTED -> "ECONNABORTED, connection aborted";
      case ECONNRESET -> "ECONNRESET, connection reset by peer";
      case ENOBUFS -> "ENOBUFS, no buffer space";
      case ENOTCONN -> "ENOTCONN, not connected";
      case ETIMEDOUT -> "ETIMEDOUT, timed out";
      case ECONNREFUSED -> "ECONNREFUSED, connection refused";
      case EHOSTUNREACH -> "EHOSTUNREACH, no route to host";
      case ESTALE -> "ESTALE, the file is not there any more";
      case EDQUOT -> "EDQUOT, quota exceeded";
      case ECANCELED -> "ECANCELED, cancelled";
      default -> "errno " + errno;
    };
  }
}
