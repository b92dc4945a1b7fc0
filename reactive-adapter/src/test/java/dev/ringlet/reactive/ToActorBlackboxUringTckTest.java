package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class ToActorBlackboxUringTckTest extends ToActorBlackboxTck {
  public ToActorBlackboxUringTckTest() {
    super("uring");
  }
}
