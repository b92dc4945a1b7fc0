package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class PushNioTckTest extends PushTck {
  public PushNioTckTest() {
    super("nio");
  }
}
