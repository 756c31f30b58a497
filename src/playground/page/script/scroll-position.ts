/** How near the end the visitor must be to follow new messages, in pixels. */
const AT_END_PX = 40;
/** The space left above a message that is too tall to be shown whole, in pixels. */
const HEAD_ROOM_PX = 8;

/**
 * Where the visitor is in the channel. What the visitor follows (the end, or a message) stays in
 * view whatever changes; otherwise, what is being read stays where it is.
 */
export class ScrollPosition {
  readonly #scroller: HTMLElement;
  readonly #onMove: () => void;
  #follows: "end" | { readonly elementId: string } | undefined = "end";
  #hasScrolledUp = false;
  /** Where the page itself has scrolled to: from anywhere else, the visitor has scrolled. */
  #own = 0;

  /** `onMove` is called after every scrolling. */
  constructor(scroller: HTMLElement, content: HTMLElement, onMove: () => void) {
    this.#scroller = scroller;
    this.#onMove = onMove;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const observer = new ResizeObserver(() => this.#follow());
    observer.observe(scroller);
    observer.observe(content);
  }

  /** Whether the visitor has scrolled up by more than a screen. */
  isFarUp(): boolean {
    return this.#hasScrolledUp && this.#belowPx() > 1.5 * this.#scroller.clientHeight;
  }

  isAtEnd(): boolean {
    return this.#belowPx() < AT_END_PX;
  }

  /** How far it is to the end, in pixels. */
  #belowPx(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  toStart(): void {
    this.#hasScrolledUp = false;
    this.#follows = undefined;
    this.#set(0);
  }

  toEnd(): void {
    this.#hasScrolledUp = false;
    this.#follows = "end";
    this.#follow();
  }

  /** Shows a message: whole if it fits, else from its head. */
  reveal(elementId: string): void {
    this.#hasScrolledUp = false;
    this.#follows = { elementId };
    this.#follow();
  }

  /** Makes a change, after which the visitor sees the same as before it, or what they follow. */
  keeping(change: () => void): void {
    if (this.#follows !== undefined) {
      change();
      this.#follow();
      return;
    }
    const top = this.#scroller.getBoundingClientRect().top;
    const read = [...this.#scroller.querySelectorAll("li.message")].find(
      (element) => element.getBoundingClientRect().bottom > top,
    );
    const previousTop = read?.getBoundingClientRect().top ?? 0;
    change();
    const same = read === undefined ? null : document.getElementById(read.id);
    if (same !== null)
      this.#set(this.#scroller.scrollTop + same.getBoundingClientRect().top - previousTop);
  }

  #scrolled(): void {
    const isVisitor = Math.abs(this.#scroller.scrollTop - this.#own) > 2;
    if (isVisitor) {
      this.#hasScrolledUp = !this.isAtEnd();
      this.#follows = this.#hasScrolledUp ? undefined : "end";
    }
    this.#onMove();
  }

  #follow(): void {
    if (this.#follows === undefined) return;
    if (this.#follows === "end") {
      this.#set(this.#scroller.scrollHeight);
      return;
    }
    const element = document.getElementById(this.#follows.elementId);
    if (element === null) {
      this.#follows = undefined;
      return;
    }
    const scroller = this.#scroller.getBoundingClientRect();
    const { top, bottom, height } = element.getBoundingClientRect();
    const isTall = height + 2 * HEAD_ROOM_PX > this.#scroller.clientHeight;
    if (isTall) this.#set(this.#scroller.scrollTop + top - scroller.top - HEAD_ROOM_PX);
    else if (element.nextElementSibling === null) this.#set(this.#scroller.scrollHeight);
    else if (top < scroller.top) this.#set(this.#scroller.scrollTop + top - scroller.top);
    else if (bottom > scroller.bottom)
      this.#set(this.#scroller.scrollTop + bottom - scroller.bottom);
  }

  #set(topPx: number): void {
    this.#scroller.scrollTop = topPx;
    // Within the limits of the scroller, and rounded as it rounds.
    this.#own = this.#scroller.scrollTop;
    this.#onMove();
  }
}
