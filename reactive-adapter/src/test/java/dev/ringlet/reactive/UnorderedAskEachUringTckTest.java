package dev.ringlet.reactive;

import java.time.Duration;

/** See the superclass; replies come as they are given, on the io_uring driver. */
public final class UnorderedAskEachUringTckTest extends AskEachTck {
  public UnorderedAskEachUringTckTest() {
    super("uring", AskOptions.unordered(4, Duration.ofSeconds(20)));
  }
}
