package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class ToOutputUringTckTest extends ToOutputTck {
  public ToOutputUringTckTest() {
    super("uring");
  }
}
