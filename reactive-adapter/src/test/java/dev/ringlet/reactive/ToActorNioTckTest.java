package dev.ringlet.reactive;

/** See the superclass; by what was taken, on the NIO driver. */
public final class ToActorNioTckTest extends ToActorTck {
  public ToActorNioTckTest() {
    super("nio", DemandOptions.batch(2));
  }
}
