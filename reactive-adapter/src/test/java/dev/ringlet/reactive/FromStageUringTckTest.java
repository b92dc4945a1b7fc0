package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class FromStageUringTckTest extends FromStageTck {
  public FromStageUringTckTest() {
    super("uring");
  }
}
