package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class ThroughActorUringTckTest extends ThroughActorTck {
  public ThroughActorUringTckTest() {
    super("uring");
  }
}
