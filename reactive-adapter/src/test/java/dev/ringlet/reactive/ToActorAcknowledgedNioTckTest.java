package dev.ringlet.reactive;

/** See the superclass; by acknowledgement, on the NIO driver. */
public final class ToActorAcknowledgedNioTckTest extends ToActorTck {
  public ToActorAcknowledgedNioTckTest() {
    super("nio", DemandOptions.acknowledged(2));
  }
}
