package dev.ringlet.reactive;

final class StreamPublisherNioTest extends StreamPublisherContract {
  StreamPublisherNioTest() {
    super("nio");
  }
}
