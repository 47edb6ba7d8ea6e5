"""Every transaction, filtered by the address; with `?tx=` all about one of them."""

from pages.listing.detail import detail
from pages.listing.listing import listing
from pages.shared import filters
from pages.shared.formats import formats_of
from pages.shared.gate import require_user

visitor = require_user()
asked_for = filters.widgets_follow_address()
if asked_for.tx is None:
    listing(visitor, asked_for, formats_of(visitor.profile))
else:
    detail(visitor, asked_for.tx, formats_of(visitor.profile))
