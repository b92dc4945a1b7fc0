package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class FromStageNioTckTest extends FromStageTck {
  public FromStageNioTckTest() {
    super("nio");
  }
}
