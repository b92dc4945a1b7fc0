package dev.ringlet.reactive;

/** See the superclass; by mailbox room, on the io_uring driver. */
public final class ToActorMailboxRoomUringTckTest extends ToActorTck {
  public ToActorMailboxRoomUringTckTest() {
    super("uring", DemandOptions.mailboxRoom(2));
  }
}
