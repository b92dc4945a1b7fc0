package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class ToFileUringTckTest extends ToFileTck {
  public ToFileUringTckTest() {
    super("uring");
  }
}
