package dev.ringlet.scheduler;

import java.io.IOException;

/** What the JDK's channels cannot do; says what can. */
final class NioUnsupportedException extends IOException {
  private static final long serialVersionUID = 1L;

  NioUnsupportedException(String message) {
    super(message);
  }
}
