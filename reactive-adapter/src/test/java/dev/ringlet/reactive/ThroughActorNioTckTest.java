package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class ThroughActorNioTckTest extends ThroughActorTck {
  public ThroughActorNioTckTest() {
    super("nio");
  }
}
