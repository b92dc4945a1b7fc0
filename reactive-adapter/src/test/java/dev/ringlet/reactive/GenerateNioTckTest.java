package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class GenerateNioTckTest extends GenerateTck {
  public GenerateNioTckTest() {
    super("nio");
  }
}
