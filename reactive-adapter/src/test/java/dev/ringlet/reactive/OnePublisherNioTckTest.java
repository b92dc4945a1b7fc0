package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class OnePublisherNioTckTest extends OnePublisherTck {
  public OnePublisherNioTckTest() {
    super("nio");
  }
}
