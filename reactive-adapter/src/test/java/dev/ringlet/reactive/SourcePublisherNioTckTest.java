package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class SourcePublisherNioTckTest extends SourcePublisherTck {
  public SourcePublisherNioTckTest() {
    super("nio");
  }
}
