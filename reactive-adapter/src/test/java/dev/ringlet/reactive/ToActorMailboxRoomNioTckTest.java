package dev.ringlet.reactive;

/** See the superclass; by mailbox room, on the NIO driver. */
public final class ToActorMailboxRoomNioTckTest extends ToActorTck {
  public ToActorMailboxRoomNioTckTest() {
    super("nio", DemandOptions.mailboxRoom(2));
  }
}
