package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class ToActorBlackboxNioTckTest extends ToActorBlackboxTck {
  public ToActorBlackboxNioTckTest() {
    super("nio");
  }
}
