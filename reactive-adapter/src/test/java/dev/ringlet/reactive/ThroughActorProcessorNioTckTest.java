package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class ThroughActorProcessorNioTckTest extends StageProcessorTck {
  public ThroughActorProcessorNioTckTest() {
    super("nio", ProcessorKind.THROUGH_ACTOR);
  }
}
