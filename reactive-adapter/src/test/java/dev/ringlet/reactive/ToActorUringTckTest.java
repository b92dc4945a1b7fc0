package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class ToActorUringTckTest extends ToActorTck {
  public ToActorUringTckTest() {
    super("uring");
  }
}
