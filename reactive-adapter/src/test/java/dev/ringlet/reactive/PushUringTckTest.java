package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class PushUringTckTest extends PushTck {
  public PushUringTckTest() {
    super("uring");
  }
}
