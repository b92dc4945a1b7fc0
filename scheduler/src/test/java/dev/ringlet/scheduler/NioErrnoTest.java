package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
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
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class NioErrnoTest {
  static Stream<Arguments> exceptions() {
    return Stream.of(
        Arguments.of(Errno.ENOENT, new NoSuchFileException("/none")),
        Arguments.of(Errno.EEXIST, new FileAlreadyExistsException("/there")),
        Arguments.of(Errno.EACCES, new AccessDeniedException("/secret")),
        Arguments.of(Errno.ENOTDIR, new NotDirectoryException("/file")),
        Arguments.of(Errno.ENOTEMPTY, new DirectoryNotEmptyException("/full")),
        Arguments.of(Errno.ELOOP, new FileSystemLoopException("/loop")),
        Arguments.of(Errno.EXDEV, new IOException("Invalid cross-device link")),
        Arguments.of(Errno.EMLINK, new IOException("Too many links")),
        Arguments.of(Errno.ELOOP, new IOException("Too many levels of symbolic links")),
        Arguments.of(Errno.ENAMETOOLONG, new IOException("File name too long")),
        Arguments.of(Errno.ENOTEMPTY, new IOException("Directory not empty")),
        Arguments.of(Errno.ESPIPE, new IOException("Illegal seek")),
        Arguments.of(Errno.EDQUOT, new IOException("Disk quota exceeded")),
        Arguments.of(Errno.ESTALE, new IOException("Stale file handle")),
        Arguments.of(Errno.EOPNOTSUPP, new IOException("Operation not supported")),
        Arguments.of(Errno.EOPNOTSUPP, new NioUnsupportedException("only elsewhere")),
        Arguments.of(Errno.EISDIR, new FileSystemException("/dir", null, "Is a directory")),
        Arguments.of(Errno.ENOSPC, new IOException("No space left on device")),
        Arguments.of(Errno.EMFILE, new IOException("Too many open files")),
        Arguments.of(Errno.EDQUOT, new IOException("Disk quota exceeded")),
        Arguments.of(Errno.ETXTBSY, new FileSystemException("/bin", null, "Text file busy")),
        Arguments.of(
            Errno.ENAMETOOLONG, new FileSystemException("/long", null, "File name too long")),
        Arguments.of(Errno.ENFILE, new IOException("Too many open files in system")),
        Arguments.of(Errno.ECONNRESET, new SocketException("Connection reset")),
        Arguments.of(Errno.ECONNRESET, new IOException("Connection reset by peer")),
        Arguments.of(Errno.EPIPE, new IOException("Broken pipe")),
        Arguments.of(Errno.ETIMEDOUT, new ConnectException("Connection timed out")),
        Arguments.of(Errno.ECONNREFUSED, new ConnectException("Connection refused")),
        Arguments.of(Errno.ECONNREFUSED, new ConnectException()),
        Arguments.of(Errno.EHOSTUNREACH, new NoRouteToHostException()),
        Arguments.of(Errno.EHOSTUNREACH, new UnresolvedAddressException()),
        Arguments.of(Errno.EADDRNOTAVAIL, new BindException("Cannot assign requested address")),
        Arguments.of(Errno.EADDRINUSE, new BindException()),
        Arguments.of(Errno.EACCES, new SocketException("Permission denied")),
        Arguments.of(Errno.ENOTCONN, new NotYetConnectedException()),
        Arguments.of(Errno.EBADF, new ClosedChannelException()),
        Arguments.of(Errno.EBADF, new NonReadableChannelException()),
        Arguments.of(Errno.EBADF, new NonWritableChannelException()),
        Arguments.of(Errno.EINVAL, new IllegalArgumentException("Negative position")),
        Arguments.of(Errno.ENOMEM, new OutOfMemoryError("Cannot reserve direct memory")),
        Arguments.of(Errno.EIO, new IOException("Eingabe-/Ausgabefehler")),
        Arguments.of(Errno.EIO, new IOException()));
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void findsTheErrorNumber(int errno, Throwable exception) {
    assertEquals(errno, NioErrno.of(exception));
  }

  @Test
  void describesNumberAndMessage() {
    assertEquals(
        "ENOENT, no such file or directory (java.nio.file.NoSuchFileException: /none)",
        NioErrno.describe(new NoSuchFileException(Path.of("/none").toString())));
  }
}
