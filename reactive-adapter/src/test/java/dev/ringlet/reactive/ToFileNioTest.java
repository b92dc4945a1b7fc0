package dev.ringlet.reactive;

final class ToFileNioTest extends ToFileContract {
  ToFileNioTest() {
    super("nio");
  }
}
