package dev.ringlet.reactive;

/** See the superclass; by what was taken, on the io_uring driver. */
public final class ToActorUringTckTest extends ToActorTck {
  public ToActorUringTckTest() {
    super("uring", DemandOptions.batch(2));
  }
}
