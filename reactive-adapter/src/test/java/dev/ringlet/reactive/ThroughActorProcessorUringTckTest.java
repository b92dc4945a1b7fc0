package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class ThroughActorProcessorUringTckTest extends StageProcessorTck {
  public ThroughActorProcessorUringTckTest() {
    super("uring", ProcessorKind.THROUGH_ACTOR);
  }
}
