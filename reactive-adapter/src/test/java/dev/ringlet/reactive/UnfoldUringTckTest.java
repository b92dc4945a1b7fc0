package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class UnfoldUringTckTest extends UnfoldTck {
  public UnfoldUringTckTest() {
    super("uring");
  }
}
