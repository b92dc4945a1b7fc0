package dev.ringlet.reactive;

final class ToFileUringTest extends ToFileContract {
  ToFileUringTest() {
    super("uring");
  }
}
