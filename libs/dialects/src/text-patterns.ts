/** What an event may be called: 1 to 200 characters, none of them a control character or half a surrogate pair. */
export const NAME_PATTERN = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** What may identify an installation or an event: as {@link NAME_PATTERN}, up to 256 characters. */
export const ID_PATTERN = /^[^\p{Cc}\p{Cs}]{1,256}$/u;
