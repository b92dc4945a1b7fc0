package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class StreamPublisherNioTckTest extends StreamPublisherTck {
  public StreamPublisherNioTckTest() {
    super("nio");
  }
}
