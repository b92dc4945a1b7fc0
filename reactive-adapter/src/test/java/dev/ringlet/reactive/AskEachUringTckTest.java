package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class AskEachUringTckTest extends AskEachTck {
  public AskEachUringTckTest() {
    super("uring");
  }
}
