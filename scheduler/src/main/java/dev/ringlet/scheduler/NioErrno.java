package dev.ringlet.scheduler;

import static java.util.Map.entry;

import dev.ringlet.spi.Errno;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the kernel's error number behind an exception of NIO, which does not keep it: by the C
 * library's text where the message has it, else by the exception's type, else EIO.
 *
 * <p>Where the C library speaks another language than English only the types are left.
 */
final class NioErrno {
  /** By what the message begins with; a text that begins with another one stands before it. */
  private static final List<Map.Entry<String, Integer>> TEXTS =
      List.of(
          entry("Too many open files in system", Errno.ENFILE),
          entry("Too many open files", Errno.EMFILE),
          entry("Connection reset", Errno.ECONNRESET),
          entry("Broken pipe", Errno.EPIPE),
          entry("Connection refused", Errno.ECONNREFUSED),
          entry("Connection timed out", Errno.ETIMEDOUT),
          entry("Software caused connection abort", Errno.ECONNABORTED),
          entry("Resource temporarily unavailable", Errno.EAGAIN),
          entry("Message too long", Errno.EMSGSIZE),
          entry("No such device", Errno.ENODEV),
          entry("Transport endpoint is not connected", Errno.ENOTCONN),
          entry("Socket is not connected", Errno.ENOTCONN),
          entry("Address already in use", Errno.EADDRINUSE),
          entry("Cannot assign requested address", Errno.EADDRNOTAVAIL),
          entry("Network is unreachable", Errno.ENETUNREACH),
          entry("No route to host", Errno.EHOSTUNREACH),
          entry("No buffer space available", Errno.ENOBUFS),
          entry("Cannot allocate memory", Errno.ENOMEM),
          entry("No such file or directory", Errno.ENOENT),
          entry("Too many links", Errno.EMLINK),
          entry("Too many levels of symbolic links", Errno.ELOOP),
          entry("File name too long", Errno.ENAMETOOLONG),
          entry("Directory not empty", Errno.ENOTEMPTY),
          entry("Invalid cross-device link", Errno.EXDEV),
          entry("Illegal seek", Errno.ESPIPE),
          entry("Operation not supported", Errno.EOPNOTSUPP),
          entry("Stale file handle", Errno.ESTALE),
          entry("Disk quota exceeded", Errno.EDQUOT),
          entry("Not a directory", Errno.ENOTDIR),
          entry("Is a directory", Errno.EISDIR),
          entry("File exists", Errno.EEXIST),
          entry("File too large", Errno.EFBIG),
          entry("No space left on device", Errno.ENOSPC),
          entry("Disk quota exceeded", Errno.EDQUOT),
          entry("Text file busy", Errno.ETXTBSY),
          entry("File name too long", Errno.ENAMETOOLONG),
          entry("Too many levels of symbolic links", Errno.ELOOP),
          entry("Read-only file system", Errno.EROFS),
          entry("Bad file descriptor", Errno.EBADF),
          entry("Invalid argument", Errno.EINVAL),
          entry("Device or resource busy", Errno.EBUSY),
          entry("Permission denied", Errno.EACCES),
          entry("Operation not permitted", Errno.EPERM));

  private NioErrno() {}

  /** The positive error number. */
  static int of(Throwable failure) {
    String text = text(failure);
    if (text != null) {
      for (Map.Entry<String, Integer> known : TEXTS) {
        if (text.startsWith(known.getKey())) {
          return known.getValue();
        }
      }
    }
    return byType(failure);
  }

  /** Number, name and message, for a sentence. */
  static String describe(Throwable failure) {
    return Errno.describe(of(failure)) + " (" + failure + ")";
  }

  private static @Nullable String text(Throwable failure) {
    return failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
  }

  private static int byType(Throwable failure) {
    if (failure instanceof NioUnsupportedException) {
      return Errno.EOPNOTSUPP;
    } else if (failure instanceof NoSuchFileException) {
      return Errno.ENOENT;
    } else if (failure instanceof DirectoryNotEmptyException) {
      return Errno.ENOTEMPTY;
    } else if (failure instanceof NotDirectoryException) {
      return Errno.ENOTDIR;
    } else if (failure instanceof FileSystemLoopException) {
      return Errno.ELOOP;
    } else if (failure instanceof FileAlreadyExistsException) {
      return Errno.EEXIST;
    } else if (failure instanceof NotDirectoryException) {
      return Errno.ENOTDIR;
    } else if (failure instanceof AccessDeniedException || failure instanceof SecurityException) {
      return Errno.EACCES;
    } else if (isClosedOrWrongMode(failure)) {
      return Errno.EBADF;
    } else if (failure instanceof NotYetConnectedException) {
      return Errno.ENOTCONN;
    } else if (failure instanceof NoRouteToHostException) {
      return Errno.EHOSTUNREACH;
    } else if (failure instanceof UnresolvedAddressException) {
      return Errno.EHOSTUNREACH;
    } else if (failure instanceof PortUnreachableException) {
      return Errno.ECONNREFUSED;
    } else if (failure instanceof ConnectException) {
      return Errno.ECONNREFUSED;
    } else if (failure instanceof BindException) {
      return Errno.EADDRINUSE;
    } else if (failure instanceof OutOfMemoryError) {
      return Errno.ENOMEM;
    }
    boolean wrongArgument =
        failure instanceof IllegalArgumentException
            || failure instanceof UnsupportedOperationException;
    return wrongArgument ? Errno.EINVAL : Errno.EIO;
  }

  private static boolean isClosedOrWrongMode(Throwable failure) {
    return failure instanceof ClosedChannelException
        || failure instanceof NonReadableChannelException
        || failure instanceof NonWritableChannelException;
  }
}
