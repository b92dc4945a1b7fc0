package dev.ringlet.io;

import dev.ringlet.spi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * TLS itself has failed, not the network: a certificate that is not trusted, a peer that speaks
 * something else, an alert, an end that nobody has announced. The message names the peer and, in
 * brackets or after "Received fatal alert", the TLS alert; the cause is what the JDK's engine says.
 * Immutable.
 */
public final class TlsException extends IoException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one with {@link Errno#EPROTO}.
   *
   * @param operation what was tried, such as {@code "TLS handshake"}
   * @param subject the peer
   * @param cause what is wrong, or null
   */
  public TlsException(String operation, String subject, @Nullable Throwable cause) {
    super(operation, subject, Errno.EPROTO, explanation(cause), cause);
  }

  private static String explanation(@Nullable Throwable cause) {
    if (cause == null) {
      return Errno.describe(Errno.EPROTO);
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
