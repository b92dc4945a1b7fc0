package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class ThroughActorProcessorUringTckTest extends ThroughActorProcessorTck {
  public ThroughActorProcessorUringTckTest() {
    super("uring");
  }
}
