package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class OnePublisherUringTckTest extends OnePublisherTck {
  public OnePublisherUringTckTest() {
    super("uring");
  }
}
