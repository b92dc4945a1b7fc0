package dev.ringlet.reactive;

/** See the superclass; by acknowledgement, on the io_uring driver. */
public final class ToActorAcknowledgedUringTckTest extends ToActorTck {
  public ToActorAcknowledgedUringTckTest() {
    super("uring", DemandOptions.acknowledged(2));
  }
}
