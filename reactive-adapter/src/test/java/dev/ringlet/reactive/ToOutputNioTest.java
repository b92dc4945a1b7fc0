package dev.ringlet.reactive;

final class ToOutputNioTest extends ToOutputContract {
  ToOutputNioTest() {
    super("nio");
  }
}
