package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class ThroughActorProcessorNioTckTest extends ThroughActorProcessorTck {
  public ThroughActorProcessorNioTckTest() {
    super("nio");
  }
}
