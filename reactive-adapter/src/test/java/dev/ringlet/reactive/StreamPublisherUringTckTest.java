package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class StreamPublisherUringTckTest extends StreamPublisherTck {
  public StreamPublisherUringTckTest() {
    super("uring");
  }
}
