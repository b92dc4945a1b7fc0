package dev.ringlet.reactive;

final class StreamPublisherUringTest extends StreamPublisherContract {
  StreamPublisherUringTest() {
    super("uring");
  }
}
