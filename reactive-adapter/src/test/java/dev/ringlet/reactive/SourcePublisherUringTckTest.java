package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class SourcePublisherUringTckTest extends SourcePublisherTck {
  public SourcePublisherUringTckTest() {
    super("uring");
  }
}
