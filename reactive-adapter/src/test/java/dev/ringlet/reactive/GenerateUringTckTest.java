package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class GenerateUringTckTest extends GenerateTck {
  public GenerateUringTckTest() {
    super("uring");
  }
}
