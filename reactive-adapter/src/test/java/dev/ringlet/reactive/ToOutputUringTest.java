package dev.ringlet.reactive;

final class ToOutputUringTest extends ToOutputContract {
  ToOutputUringTest() {
    super("uring");
  }
}
