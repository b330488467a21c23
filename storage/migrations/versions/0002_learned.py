"""what people meant by words the bot asked about"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learned",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "wording", name=op.f("pk_learned")),
    )


def downgrade() -> None:
    op.drop_table("learned")
